"""How `make docs` builds this folder. The pages fetch nothing from anywhere."""

project = "Danbe"
author = "Danbe"
language = "fr"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = "Danbe"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"light_css_variables": {"color-brand-primary": "#1c4e80"}}
