"""Files of other people → Markdown, heading by heading. Pure: no Django, so that a child reads them."""
