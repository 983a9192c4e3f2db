{#- Pieces of the Danish messages that only SQL can make. -#}

{% macro whole_da(value) -%}
    cast(cast(round({{ value }}) as bigint) as varchar)
{%- endmacro %}

{#- `marts 2023`. -#}
{% macro month_da(day) -%}
    {%- set months = ['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli', 'august', 'september', 'oktober',
        'november', 'december'] -%}
    case extract('month' from {{ day }})
    {%- for month in months %} when {{ loop.index }} then '{{ month }}'{% endfor %} end
    || ' ' || cast(extract('year' from {{ day }}) as varchar)
{%- endmacro %}
