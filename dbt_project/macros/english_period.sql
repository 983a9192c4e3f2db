{#- StatBank's label of a part of a year, as its English tables write it: 2007K1 and 2007Q1 are one quarter. -#}
{% macro english_period(label) -%}
    translate({{ label }}, 'KU', 'QW')
{%- endmacro %}
