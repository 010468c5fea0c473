"""What conditions ask for, all in one index.

For conditions that few fulfil together it is read from end to end, which takes a quarter of what reading the
rows takes. PostgreSQL allows 32 columns.
"""

FOUND_BY = (
    "customer_type", "stage", "grade", "owner", "industry", "region", "source", "value_tier", "headcount",
    "revenue", "urgency", "purchase_intent", "need_stage", "kind", "potential_score", "budget_min",
    "budget_max", "first_contact_on", "delivery_on", "assigned_at", "created_by", "development_stage",
    "price_sensitivity", "gender", "birthday", "last_contact_at", "next_follow_up_at", "created_at",
    "interaction_count", "completeness",
)  # fmt: skip

GIVEN = ["owner", "assigned_at", "created_at", "last_contact_at", "next_follow_up_at", "created_by"]
"""What tells the customers newly given to somebody."""
QUIET = ["owner", "last_contact_at", "customer_type", "created_at"]
"""What tells the customers of somebody with whom nobody has spoken for long."""
BY_KEY = ["id", "next_follow_up_at", "owner"]
"""What tells whether somebody sees each of a thousand customers that a search names, without reading them.
The owner comes last, or SQLite looks once for each of the owners instead of comparing what is there."""
