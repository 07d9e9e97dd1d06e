"""Pairs of neighbouring characters, for finding Chinese words by index without an extension."""

from django.db import migrations

SQL = """
create or replace function bigrams(words text) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(distinct substr(lower(words), i, 2)), '{}')
    from generate_series(1, length(words) - 1) as i
$$;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(SQL, "drop function bigrams(text)")]
