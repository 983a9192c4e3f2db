{#- Fails for every row whose columns, none of them null, name no row of another model. -#}
{% test refers_to(model, columns, to, to_columns) %}
    select {{ columns | join(', ') }}
    from {{ model }} as referring
    where
        {% for column in columns %}
            referring.{{ column }} is not null and
        {% endfor %}
        not exists (
            select 1
            from {{ to }} as referred
            where
                {% for column in columns %}
                    referred.{{ to_columns[loop.index0] }} = referring.{{ column }}{{ ' and' if not loop.last }}
                {% endfor %}
        )
{% endtest %}
