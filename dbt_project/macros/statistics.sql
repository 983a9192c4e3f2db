{#- Wilson's score interval (Wilson 1927) for a share `p` (0-1) on `n` answers; z = 1.959963984540054 is 95 per cent. -#}
{% macro wilson(p, n, bound) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set sign = '-' if bound == 'low' else '+' -%}
    (
        {{ p }} + {{ z * z }} / (2 * {{ n }})
        {{ sign }} {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z * z }} / (4 * {{ n }} * {{ n }}))
    ) / (1 + {{ z * z }} / {{ n }})
{%- endmacro %}


{% macro robust_deviation(value) -%}
    {{ return(adapter.dispatch('robust_deviation')(value)) }}
{%- endmacro %}

{#- The median absolute deviation, scaled to be the standard deviation of a normal distribution. -#}
{% macro default__robust_deviation(value) -%}
    1.4826 * mad({{ value }})
{%- endmacro %}
