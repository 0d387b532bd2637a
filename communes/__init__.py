"""Ground floor: units over time, people, scope, audit and Vietnamese text."""
