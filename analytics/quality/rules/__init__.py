"""Pure rules: what is asked, how it is judged, and how far two judges agree. No Django here."""
