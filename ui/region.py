"""A region of the page: markup from the server, shown by changing only what differs (see assets/region.js and region/)."""

from nicegui.element import Element
from nicegui.elements import echart, mermaid  # noqa: F401 - registers the libraries that drawing.js loads when needed

from ui.parts.markup import Markup


# The modules come to the browser as they are, each imported by its file's name; their addresses change with their content.
class Region(Element, component="assets/region.js", dependencies=["assets/region/*.js"]):
    """One element of the framework for a whole region, so that a page of 50 rows costs kilobytes, not megabytes."""

    def __init__(self, name: str, html: Markup, tag: str = "div") -> None:
        super().__init__()
        self._props["name"] = name
        self._props["tag"] = tag
        self._props["html"] = str(html)

    @property
    def html(self) -> str:
        """What the region shows."""
        return str(self._props["html"])

    def set_html(self, html: Markup) -> None:
        """Show something else; nothing travels when it is the same."""
        if self._props["html"] != html:
            self._props["html"] = str(html)
            self.update()
