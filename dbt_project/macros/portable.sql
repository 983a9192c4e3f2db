{#- What DuckDB says in its own way; another engine gets its own version by dispatch. -#}

{% macro unnest_json_object(column) -%}
    {{ return(adapter.dispatch('unnest_json_object')(column)) }}
{%- endmacro %}

{% macro default__unnest_json_object(column) -%}
    unnest(map_entries(from_json({{ column }}, '"MAP(VARCHAR, VARCHAR)"'))) as entry
{%- endmacro %}


{% macro attributes(columns) -%}
    {{ return(adapter.dispatch('attributes')(columns)) }}
{%- endmacro %}

{#- The named columns as one map of text, so that the agreement's conditions can name them as data. -#}
{% macro default__attributes(columns) -%}
    map {
        {%- for column in columns %}'{{ column }}': cast({{ column }} as varchar){{ ', ' if not loop.last }}{% endfor -%}
    }
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


{% macro ordered_sum(value, order) -%}
    {{ return(adapter.dispatch('ordered_sum')(value, order)) }}
{%- endmacro %}

{#- A compensated sum in a fixed order: equal deliveries give equal figures to the last digit, on any number of threads. -#}
{% macro default__ordered_sum(value, order) -%}
    fsum({{ value }} order by {{ order }})
{%- endmacro %}
