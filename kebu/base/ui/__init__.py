"""ui 界面: what every page is made of.

Owns the page shells, the components (template tags and their small templates), the grammar of lists, forms
and panels, keyset paging, the answers to htmx, the error pages and the build of the front end's files.
It knows no customer and no permission list: the user object tells what a user can do, the settings tell
where the side bar leads. It never queries a business table of its own accord.
"""
