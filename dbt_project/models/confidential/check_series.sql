{{ config(materialized='view') }}

with

told_by as (

    -- a series is told once: by calendar year where the agreement has it
    select
        agreement_id,
        indicator_id,
        max(year_kind) as year_kind
    from {{ source('agreement', 'expected_year') }}
    group by agreement_id, indicator_id

),

told_by_area as (

    select distinct
        expected_area.agreement_id,
        expected_area.indicator_id
    from {{ source('agreement', 'expected_area') }} as expected_area
    inner join {{ source('agreement', 'area') }} as area
        on expected_area.area_id = area.area_id
    where area.area_level = 'area'

),

final as (

    -- final figures of whole years; a total whose areas are told is only their echo, except for shares
    select figure.*
    from {{ ref('check_figure') }} as figure
    inner join told_by
        on figure.agreement_id = told_by.agreement_id
        and figure.indicator_id = told_by.indicator_id
        and figure.year_kind = told_by.year_kind
    left join told_by_area
        on figure.agreement_id = told_by_area.agreement_id
        and figure.indicator_id = told_by_area.indicator_id
        and figure.area_id = '{{ var("all_areas_id") }}'
        and figure.figure_type <> 'share'
    where
        figure.value_state = 'observed'
        and not figure.is_partial_year
        and (figure.is_closed or figure.figure_type <> 'flow')
        and figure.measure_kind <> 'rate'
        and told_by_area.indicator_id is null

)

select * from final
