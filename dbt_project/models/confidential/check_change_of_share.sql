with

steps as (

    select
        figure.*,
        lag(value) over waves as previous_value,
        lag(year_label) over waves as previous_year_label,
        lag(ci_low) over waves as previous_ci_low,
        lag(ci_high) over waves as previous_ci_high,
        lag(instrument) over waves as previous_instrument
    from {{ ref('check_series') }} as figure
    where figure_type = 'share' and ci_low is not null
    window
        waves as (partition by agreement_id, indicator_id, area_id, year_kind, definition_version order by year)

),

gaps as (

    -- how far the two intervals lie from each other, in percentage points; below 0 they overlap
    select
        steps.*,
        greatest(ci_low - previous_ci_high, previous_ci_low - ci_high) as interval_gap
    from steps
    where previous_value is not null and instrument is not distinct from previous_instrument

),

told_by_area as (

    select distinct
        agreement_id,
        indicator_id,
        year_kind,
        year
    from gaps
    where area_id <> '{{ var("all_areas_id") }}' and interval_gap > 0

),

final as (

    -- an area that jumps takes the total with it: it is told once, at the area
    select
        gaps.agreement_id,
        gaps.indicator_id,
        gaps.indicator_name,
        gaps.area_id,
        gaps.area_name,
        gaps.year_kind,
        gaps.year,
        gaps.year_label,
        gaps.source_id,
        gaps.value,
        gaps.previous_value,
        gaps.previous_year_label,
        gaps.interval_gap,
        'Usikkerhedsintervallerne overlapper ikke.' as yardstick_da
    from gaps
    left join told_by_area
        on gaps.agreement_id = told_by_area.agreement_id
        and gaps.indicator_id = told_by_area.indicator_id
        and gaps.year_kind = told_by_area.year_kind
        and gaps.year = told_by_area.year
        and gaps.area_id = '{{ var("all_areas_id") }}'
    where told_by_area.indicator_id is null

)

select * from final
