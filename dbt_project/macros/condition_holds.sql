{#- Whether a record's attribute meets a condition of the agreement (agreements.measures.Operator). Never null. -#}
{% macro condition_holds(attribute, condition) -%}
    coalesce(
        case {{ condition }}.operator
            when 'equals' then {{ attribute }} = {{ condition }}.value
            when 'one_of' then {{ attribute }} = {{ condition }}.value
            when 'starts_with' then lower({{ attribute }}) like lower({{ condition }}.value) || '%'
            when 'below' then try_cast({{ attribute }} as double) < try_cast({{ condition }}.value as double)
            when 'not_blank' then trim({{ attribute }}) <> ''
        end,
        false
    )
{%- endmacro %}
