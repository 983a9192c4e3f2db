{#- Danish wording of a closed list, from vocabulary.states by way of disclosed.label. -#}
{% macro label_da(value, list_name) -%}
    (
        select label.label_da
        from {{ source('disclosed', 'label') }} as label
        where label.list_name = '{{ list_name }}' and label.value = {{ value }}
    )
{%- endmacro %}
