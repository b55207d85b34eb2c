"""Static files with the hash of their content in their name, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites `import … from "./x.js"` inside ES modules, so they can be cached for ever."""

    support_js_module_import_aggregation = True
    manifest_strict = False
