{#- The figures of some types (`flow`, `stock`, `share`) with the names that the report's tables share; a whole select. -#}
{% macro curated_figures(figure_types) -%}
    select
        figure.*,
        indicator.sort_order as raekkefoelge,
        indicator.goal_name as delmaal,
        indicator.indicator_name as indikator,
        area.sort_order as omraade_raekkefoelge,
        area.area_name as omraade,
        {{ label_da('figure.value_state', 'value_state') }} as tilstand,
        series_break.year is not null as serie_brud
    from {{ ref('indicator_by_area_year') }} as figure
    inner join {{ ref('dim_indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
    inner join {{ ref('dim_area') }} as area
        on figure.area_id = area.area_id
    left join (
        select distinct agreement_id, indicator_id, area_id, year
        from {{ ref('flag') }}
        where flag_code = 'series_break'
    ) as series_break
        on figure.agreement_id = series_break.agreement_id
        and figure.indicator_id = series_break.indicator_id
        and figure.area_id = series_break.area_id
        and figure.year = series_break.year
    where indicator.figure_type in ('{{ figure_types | join("', '") }}')
{%- endmacro %}
