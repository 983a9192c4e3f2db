{#- What DuckDB says in its own way; another engine gets its own version by dispatch. -#}

{% macro unnest_json_object(column) -%}
    {{ return(adapter.dispatch('unnest_json_object')(column)) }}
{%- endmacro %}

{% macro default__unnest_json_object(column) -%}
    unnest(map_entries(from_json({{ column }}, '"MAP(VARCHAR, VARCHAR)"'))) as entry
{%- endmacro %}


{% macro attribute_at(attributes, place) -%}
    {{ return(adapter.dispatch('attribute_at')(attributes, place)) }}
{%- endmacro %}

{#- One of the attributes that a row carries in one text (warehouse/raw_views.py joins them); null where blank. -#}
{% macro default__attribute_at(attributes, place) -%}
    nullif(split_part({{ attributes }}, chr(31), {{ place }}), '')
{%- endmacro %}


{% macro split_to_rows(column) -%}
    {{ return(adapter.dispatch('split_to_rows')(column)) }}
{%- endmacro %}

{% macro default__split_to_rows(column) -%}
    unnest(string_split({{ column }}, ';'))
{%- endmacro %}


{% macro days_between(start, end) -%}
    {{ return(adapter.dispatch('days_between')(start, end)) }}
{%- endmacro %}

{#- One row per day, both ends included. -#}
{% macro default__days_between(start, end) -%}
    unnest(generate_series(cast({{ start }} as timestamp), cast({{ end }} as timestamp), interval 1 day))
{%- endmacro %}


{% macro exact_sum(value) -%}
    {{ return(adapter.dispatch('exact_sum')(value)) }}
{%- endmacro %}

{#- A sum that doesn't depend on the order of its rows, to 12 decimals: equal deliveries give equal figures. -#}
{% macro default__exact_sum(value) -%}
    cast(sum(cast({{ value }} as decimal(38, 12))) as double)
{%- endmacro %}


{% macro row_id(relation) -%}
    {{ return(adapter.dispatch('row_id')(relation)) }}
{%- endmacro %}

{#- What tells the rows of a table apart for as long as it is not written to. -#}
{% macro default__row_id(relation) -%}
    {{ relation }}.rowid
{%- endmacro %}
