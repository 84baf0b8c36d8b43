"""Our own small line icons, 20 by 20, in the colour of the text around them."""

from ui.parts.markup import Markup

_PATHS = {
    "work": "M3 11h4l1.5 2.5h3L13 11h4M5 4h10l2 7v5H3v-5z",
    "operations": "M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14M10 6v4.200l2.800 1.800",
    "claims": "M5 2.5h7l3.5 3.5v11.5h-10.500zM12 2.500V6h3.500M7.5 9.500h5M7.5 12.500h5",
    "remittances": "M2.5 5h15v10h-15zM10 7.800a2.2 2.2 0 1 0 0 4.400a2.2 2.2 0 1 0 0-4.400M5 10h.01M15 10h.01",
    "denials": "M5 2.500h10v15H5zM7.5 6.500l5 5M12.5 6.500l-5 5M7.5 14.500h5",
    "deposits": "M3 8l7-4.500 7 4.500zM4.5 8v6.500M8.2 8v6.500M11.8 8v6.500M15.5 8v6.500M2.5 16.500h15",
    "balances": "M3 6.500h14v10H3zM3 6.500L13.5 3v3.500M13.5 11.500h.01",
    "files": "M2.5 5.500V15.500h15V7h-7.500L8.3 4.500H2.500z",
    "submissions": "M3 10h9M9 6.500l3.5 3.500L9 13.500M16.5 3.500v13",
    "care": "M10 16.500C4.500 12.500 3 9.800 3 7.500a3.500 3.500 0 0 1 7-.8a3.500 3.500 0 0 1 7 .8c0 2.300-1.500 5-7 9M6 10h2l1.200-2 1.800 3.500 1-1.500h2",
    "patients": "M10 3.200a3.2 3.2 0 1 0 0 6.400a3.2 3.2 0 1 0 0-6.400M3.5 17c.6-3.6 3.3-5.2 6.5-5.200s5.9 1.6 6.5 5.2",
    "clients": "M3 17V6l6-3v14M9 8h8v9H3M12 11h2M12 14h2M5.5 8.500h1M5.5 11.500h1M5.5 14.500h1",
    "team": "M7 4a2.7 2.7 0 1 0 0 5.400A2.7 2.7 0 1 0 7 4M2 16.500c.4-3 2.3-4.6 5-4.600s4.6 1.6 5 4.600M13 4.600a2.4 2.4 0 0 1 0 4.600M14.5 12.200c2 .4 3.2 1.9 3.5 4.3",
    "quality": "M9 3.500a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M13.2 13.200L17 17M6.500 9l1.800 1.800L11.500 7.500",
    "enrolments": "M5 3h8l3 3v11H5zM8 8h5M8 11h3M11.5 15.500l1.5 1.500 3.5-4",
    "overview": "M3 17V3M3 17h14M6.5 14v-4M10 14V6M13.5 14V8.5",
    "rules": "M3 4h14v12H3zM3 8h14M8 8v8M8 12h9",
    "settings": "M4 6h6M14 6h2M4 14h2M10 14h6M12 4v4M8 12v4",
    "insight": "M3 16.500h14M5.5 13.500v-4M10 13.500v-9M14.5 13.500v-6.500",
    "search": "M9 3.500a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M13.2 13.200L17 17",
    "plus": "M10 4v12M4 10h12",
    "chevron": "M5.5 8l4.5 4.500L14.5 8",
    "check": "M4 10.500l4 4 8-9",
    "arrow": "M4 10h12M11 5l5 5-5 5",
    "bell": "M5 14.500V9a5 5 0 0 1 10 0v5.500M3.500 14.500h13M8.500 17h3",
    "jobs": "M10 3v3M10 14v3M3 10h3M14 10h3M5 5l2.2 2.200M12.8 12.800L15 15M15 5l-2.2 2.200M7.2 12.800L5 15",
    "person": "M10 4a3 3 0 1 0 0 6a3 3 0 1 0 0-6M4 17c.5-3.4 2.9-5 6-5s5.5 1.6 6 5",
    "keyboard": "M2.5 5.500h15v9h-15zM5 8.500h.01M8 8.500h.01M11 8.500h.01M14.5 8.500h.01M6.5 11.500h7",
    "alert": "M10 3l7.5 13.500h-15zM10 8v4M10 14.200h.01",
    "info": "M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14M10 9.200v4.300M10 6.500h.01",
    "connection": "M7 13L13 7M8 5l2-2a3.5 3.5 0 0 1 5 5l-2 2M12 15l-2 2a3.5 3.5 0 0 1-5-5l2-2",
    "checklist": "M3 5.500l1.5 1.500L7 4.500M3 12.500L4.5 14 7 11.500M10 6h7M10 13h7",
    "shield": "M10 2.500l6 2.300v4.700c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8V4.800z",
    "more": "M5 10h.01M10 10h.01M15 10h.01",
    "close": "M5 5l10 10M15 5L5 15",
    "key": "M7 7.500a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M10 9.500L16.5 3M14 5.500l2 2",
}


def icon(name: str) -> Markup:
    """A decorative icon; the words beside it say what it means."""
    weight = 2.4 if name == "more" else 1.5
    return Markup(
        f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" '
        f'stroke-width="{weight}" stroke-linecap="round" stroke-linejoin="round"><path d="{_PATHS[name]}"/></svg>'
    )


def mark() -> Markup:
    """The product's mark: an open case with one line of work in it."""
    return Markup(
        '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><rect x="2" y="6" width="20" height="15" rx="3.5" '
        'fill="var(--accent)"/><path d="M8.5 6V4.200c0-.9.7-1.6 1.6-1.600h3.800c.9 0 1.6.7 1.6 1.600V6" fill="none" '
        'stroke="var(--accent)" stroke-width="2"/><path d="M7 13.500l3.2 3.200L17 10" fill="none" '
        'stroke="var(--on-accent)" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
