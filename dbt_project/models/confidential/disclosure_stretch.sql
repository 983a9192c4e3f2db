{{ config(materialized='view') }}

with

parts as (

    select
        spine.agreement_id,
        spine.indicator_id,
        spine.area_id,
        spine.year_kind,
        spine.year,
        spine.measure_id,
        spine.measure_kind,
        stretch.stretch_start,
        stretch.stretch_end
    from {{ ref('int_expected_figure') }} as spine
    inner join {{ ref('int_year_stretch') }} as stretch
        on spine.agreement_id = stretch.agreement_id
        and spine.measure_id = stretch.measure_id
        and stretch.stretch_start >= spine.year_start
        and stretch.stretch_end <= spine.year_end

),

final as (

    -- a part without records is a real zero
    select
        parts.agreement_id,
        parts.indicator_id,
        parts.area_id,
        parts.year_kind,
        parts.year,
        parts.measure_id,
        parts.stretch_start,
        parts.stretch_end,
        case
            when parts.measure_kind = 'count_records' then cast(coalesce(measured.records_count, 0) as double)
            when parts.measure_kind = 'distinct_persons' then cast(coalesce(measured.persons_count, 0) as double)
            else coalesce(measured.amount, 0)
        end as value,
        coalesce(measured.contributors, 0) as contributors
    from parts
    left join {{ ref('int_measured') }} as measured
        on parts.agreement_id = measured.agreement_id
        and parts.measure_id = measured.measure_id
        and parts.area_id = measured.area_id
        and parts.stretch_start = measured.period_start
        and parts.stretch_end = measured.period_end

)

select * from final
