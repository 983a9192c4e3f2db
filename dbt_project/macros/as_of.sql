{#- The day on which the system is asked (a date); tonight's build carries it, no model reads the wall clock. -#}
{% macro as_of() -%}
    (select as_of from {{ source('agreement', 'run') }})
{%- endmacro %}
