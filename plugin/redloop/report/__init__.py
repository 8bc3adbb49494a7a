"""Records in, text out. Pure: nothing here runs or patches, and only the page's own template is read."""
