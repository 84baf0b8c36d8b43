"""Tables, migrations, SQL for hot reads, encryption at rest, and the tenant session: the second and third gate."""
