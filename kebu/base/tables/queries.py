"""How tables are arranged for somebody: remembered per process until anybody arranges anything anew."""

from collections.abc import Mapping, Sequence

from kebu.base.fields.directories import Context
from kebu.base.tables.models import Layout
from kebu.base.tables.places import Place, read_places

STAMP = "layouts"
MOST = 2_000  # people remembered at a time
Arrangements = Mapping[str, Sequence[Place]]
NONE: Arrangements = {}

_REMEMBERED: dict[int, tuple[str, Arrangements]] = {}


def arrangements(user_id: int, context: Context) -> Arrangements:
    """What somebody has arranged, by table."""
    stamp = context.stamp(STAMP)
    if not stamp:  # nobody ever did
        return NONE
    known = _REMEMBERED.get(user_id)
    if known is None or known[0] != stamp:
        layouts = Layout.objects.filter(user_id=user_id)
        known = stamp, {layout.table: read_places(layout.columns) for layout in layouts}
        if len(_REMEMBERED) >= MOST:
            _REMEMBERED.clear()
        _REMEMBERED[user_id] = known
    return known[1]
