with

area_coverage as (

    -- where areas have files of their own, all of them together are covered as far as the least covered one
    select
        agreement_area.agreement_id,
        whole.source_id,
        whole.dataset,
        whole.period_start,
        whole.period_end,
        min(coalesce(own.covered_days, whole.covered_days)) as covered_days
    from {{ ref('int_coverage') }} as whole
    inner join (
        select distinct
            source_id,
            dataset
        from {{ ref('int_coverage') }}
        where scope_area_id <> ''
    ) as scoped
        on whole.source_id = scoped.source_id
        and whole.dataset = scoped.dataset
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on whole.period_start between agreement_area.valid_from and agreement_area.valid_to
    left join {{ ref('int_coverage') }} as own
        on whole.source_id = own.source_id
        and whole.dataset = own.dataset
        and whole.period_start = own.period_start
        and whole.period_end = own.period_end
        and agreement_area.area_id = own.scope_area_id
    where whole.scope_area_id = ''
    group by all

),

expected as (

    select
        spine.*,
        coverage.expected_days,
        coalesce(own.covered_days, all_areas.covered_days, coverage.covered_days) as covered_days
    from {{ ref('int_expected_figure') }} as spine
    inner join {{ ref('int_coverage') }} as coverage
        on spine.source_id = coverage.source_id
        and spine.dataset = coverage.dataset
        and spine.period_start = coverage.period_start
        and spine.period_end = coverage.period_end
        and coverage.scope_area_id = ''
    left join {{ ref('int_coverage') }} as own
        on spine.source_id = own.source_id
        and spine.dataset = own.dataset
        and spine.period_start = own.period_start
        and spine.period_end = own.period_end
        and spine.area_id = own.scope_area_id
    left join area_coverage as all_areas
        on spine.agreement_id = all_areas.agreement_id
        and spine.source_id = all_areas.source_id
        and spine.dataset = all_areas.dataset
        and spine.period_start = all_areas.period_start
        and spine.period_end = all_areas.period_end
        and spine.area_id = '{{ var("all_areas_id") }}'

),

joined as (

    select
        expected.*,
        published.value as published_value,
        coalesce(published.is_incomplete, false) as is_published_in_part,
        coalesce(measured.records_count, 0) as records_count,
        coalesce(measured.persons_count, 0) as persons_count,
        coalesce(measured.contributors, 0) as records_contributors,
        coalesce(measured.hits_count, 0) as hits,
        coalesce(measured.amount, 0) as amount,
        measured.weight_sum,
        coalesce(measured.hit_weight_sum, 0) as hit_weight_sum,
        measured.weight_square_sum
    from expected
    left join {{ ref('int_measured') }} as measured
        on expected.agreement_id = measured.agreement_id
        and expected.measure_id = measured.measure_id
        and expected.area_id = measured.area_id
        and expected.year_start = measured.period_start
        and expected.year_end = measured.period_end
    left join {{ ref('int_published') }} as published
        on expected.measure_id = published.measure_id
        and expected.area_id = published.area_id
        and expected.year = published.year
        and coalesce(published.agreement_id, expected.agreement_id) = expected.agreement_id

),

with_state as (

    -- the first that holds, as vocabulary.states.ValueState lists them
    select
        joined.*,
        case
            when is_not_measured then 'not_measured'
            when not is_in_cadence then 'not_due'
            when measure_kind = 'published_value' and published_value is null and {{ as_of() }} <= due_on
                and covered_days = 0 then 'not_due'
            when measure_kind = 'published_value' and published_value is null then 'missing'
            when measure_kind = 'published_value' and is_published_in_part then 'incomplete'
            when measure_kind = 'published_value' then 'observed'
            when covered_days = 0 and {{ as_of() }} <= due_on then 'not_due'
            when covered_days = 0 then 'missing'
            -- a wave that was delivered without an answer from the area
            when figure_type = 'share' and coalesce(weight_sum, 0) = 0 then 'missing'
            when figure_type = 'flow' and covered_days < expected_days then 'incomplete'
            else 'observed'
        end as value_state
    from joined

),

with_parts as (

    select
        with_state.*,
        value_state in ('observed', 'incomplete') as has_value,
        value_state in ('observed', 'incomplete') and measure_kind = 'weighted_share' as is_share,
        hit_weight_sum / nullif(weight_sum, 0) as share,
        weight_sum * weight_sum / nullif(weight_square_sum, 0) as kish_n
    from with_state

),

with_value as (

    select
        with_parts.*,
        case
            when not has_value then null
            when measure_kind = 'published_value' then published_value
            when measure_kind = 'count_records' then cast(records_count as double)
            when measure_kind = 'distinct_persons' then cast(persons_count as double)
            when measure_kind = 'sum' then amount
            when measure_kind = 'weighted_share' then 100 * share
        end as value,
        case when is_share then weight_sum end as denominator,
        case when is_share then records_count end as n,
        case when is_share then kish_n end as n_effective,
        -- a share that cannot be has no interval; the check that blocks it must still be reached
        case when is_share and share between 0 and 1 then 100 * {{ wilson('share', 'kish_n', 'low') }} end as ci_low,
        case when is_share and share between 0 and 1 then 100 * {{ wilson('share', 'kish_n', 'high') }} end as ci_high,
        case when is_share then hits end as hits_count,
        case
            when not has_value or measure_kind = 'published_value' or contributors_kind = 'none' then null
            else records_contributors
        end as contributors
    from with_parts

),

final as (

    -- what is stored of a figure; all that follows from the agreement is joined in confidential.indicator_figure
    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        version,
        measure_kind,
        expected_days,
        covered_days,
        value,
        case
            when measure_kind = 'weighted_share' and has_value then hit_weight_sum
            when measure_kind <> 'published_value' then value
        end as numerator,
        denominator,
        cast(null as integer) as denominator_year,
        n,
        n_effective,
        ci_low,
        ci_high,
        hits_count,
        contributors,
        value_state
    from with_value

)

select * from final
