"""Create doors of what is kept, taken in and taken out: views, segments, files, imports, exports."""

from kebu.trials.drills.doors import Door, KeyOf, Trace, Words, beginning
from kebu.trials.site.browser import Browser

SEGMENTS = "crm.segments kind_of(kept)"
VIEWS_TABLE = "segments_savedview"


def named(mark: str, _serial: int, _words: Words) -> dict[str, str]:
    """Only a name."""
    return {"name": mark}


def nothing(_mark: str, _serial: int, _words: Words) -> dict[str, str]:
    """Only a button."""
    return {}


def view_first(browser: Browser, mark: str, serial: int, words: Words, key_of: KeyOf) -> Words:
    """A view that can be copied."""
    VIEW.make(browser, name := f"{mark}原", serial, words)
    return {**words, "view": key_of(VIEWS_TABLE, "name", name)}


VIEW = Door(
    "view",
    "/views/new/?view=mine",
    named,
    (Trace(VIEWS_TABLE, "name", "view"),),
    claims=SEGMENTS,
    removal="/views/%s/removal/",
)
VIEW_COPY = Door(
    "view-copy",
    "/views/{view}/copy/",
    nothing,
    (Trace(VIEWS_TABLE, beginning("name", "view-copy"), "view", "name LIKE '%%副本%%'"),),
    claims=SEGMENTS,
    page="/views/",
    before=view_first,
    removal="/views/%s/removal/",
    after="/views/{view}/removal/",
)
SEGMENT = Door(
    "segment",
    "/segments/new/?view=mine",
    named,
    (Trace("segments_segment", "name", "segment"),),
    claims=SEGMENTS,
    removal="/segments/%s/removal/",
)
PICKED = Door(
    "picked",
    "/segments/picked/?view=mine",
    named,
    (Trace("segments_segment", "name", "segment"),),
    claims=SEGMENTS,
    asked="customer_pk",
    removal="/segments/%s/removal/",
)
FILE = Door(
    "file",
    "/customers/{customer}/files/",
    nothing,
    (Trace("files_file", "replace(name, '.txt', '')", "file"),),
    claims="crm.files 'file'",
    removal="/files/%s/removal/",
    file=".txt",
)
EXHIBIT = Door(
    "exhibit",
    "/disputes/{dispute}/exhibits/",
    nothing,
    (Trace("files_exhibit", "replace(name, '.txt', '')"),),
    claims="crm.files 'exhibit'",
    file=".txt",
    most=8,  # of one person and dispute ten
)
IMPORT = Door(
    "upload",
    "/imports/",
    nothing,
    (Trace("imports_import", "replace(file_name, '.csv', '')"),),
    claims="exchange.imports 'import'",
    file=".csv",
    removal="/imports/%s/cancellation/",
)
EXPORT = Door(
    "export",
    "/exports/new/customers/?view=mine",
    lambda mark, _serial, _words: {"reason": mark},
    (Trace("exports_export", "reason"),),
    claims="exchange.exports KIND",
    who="admin",
    asked="customer_pk",
    removal="/exports/%s/cancellation/",
)
DOORS = (VIEW, VIEW_COPY, SEGMENT, PICKED, FILE, EXHIBIT, IMPORT, EXPORT)
