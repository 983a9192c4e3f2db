{#- A table is made with its columns' types and NOT NULL, without its primary key: filling a table that has one costs
    many times what it costs to add it to the rows that are there, as publish.publication does with what it publishes.
    Until then the unique_grain test of each model says that the key holds. -#}
{%- macro duckdb__get_table_columns_and_constraints() %}
    ({{ adapter.render_raw_columns_constraints(raw_columns=model['columns']) | join(', ') }})
{%- endmacro %}
