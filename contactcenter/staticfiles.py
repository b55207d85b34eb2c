"""Static files with the hash of their content in their name, compressed once."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites `import … from "./x.js"` inside ES modules, so they can be cached for ever."""

    support_js_module_import_aggregation = True
    # Each pass settles the names one storey further up: modules stand on modules on modules
    max_post_process_passes = 25
    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """A package may mention a module that it does not ship; that is left as it stands."""
        try:
            hashed: str = super().hashed_name(name, content, filename)
        except ValueError:
            if name.startswith(("js/", "css/")):
                raise
            return name
        return hashed
