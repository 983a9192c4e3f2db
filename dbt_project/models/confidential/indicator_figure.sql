with

figures as (

    select
        figure.*,
        spine.year_label,
        spine.period_start,
        spine.period_end,
        spine.is_partial_year,
        {{ as_of() }} > spine.period_end as is_closed,
        spine.due_on,
        spine.figure_type,
        spine.instrument,
        spine.is_series_break
    from {{ ref('int_figure') }} as figure
    inner join {{ ref('int_expected_figure') }} as spine
        on figure.agreement_id = spine.agreement_id
        and figure.indicator_id = spine.indicator_id
        and figure.area_id = spine.area_id
        and figure.year_kind = spine.year_kind
        and figure.year = spine.year

),

area_sets as (

    -- the areas that «all areas» stands for, by the first day of a year
    select
        periods.agreement_id,
        periods.period_start,
        string_agg(agreement_area.area_id, ',' order by agreement_area.area_id) as areas
    from (
        select distinct
            agreement_id,
            period_start
        from {{ source('agreement', 'expected_year') }}
    ) as periods
    inner join {{ source('agreement', 'agreement_area') }} as agreement_area
        on periods.agreement_id = agreement_area.agreement_id
        and periods.period_start between agreement_area.valid_from and agreement_area.valid_to
    group by periods.agreement_id, periods.period_start

),

with_promise as (

    select
        figures.*,
        indicator.unit,
        indicator.better,
        indicator.definition_version,
        indicator.target_pacing,
        indicator.target_basis,
        indicator.baseline_n,
        measure.numerator_id,
        case when indicator.baseline_area_id = figures.area_id then indicator.baseline_value end as baseline_value,
        case when indicator.baseline_area_id = figures.area_id then indicator.baseline_year end as baseline_year,
        -- a wave before the agreement is a starting point, and nothing was promised for it
        case
            when
                indicator.target_area_id = figures.area_id
                and indicator.target_year_kind = figures.year_kind
                and figures.period_end >= agreement.valid_from
                and figures.period_start <= agreement.valid_to
                then indicator.target_value
        end as target_value,
        figures.area_id = '{{ var("all_areas_id") }}'
        and indicator.baseline_areas is distinct from area_sets.areas as is_other_set_of_areas,
        agreement.valid_from as agreement_start,
        agreement.valid_to as agreement_end,
        cumulative.cumulative_value,
        cumulative.elapsed_days
    from figures
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on figures.agreement_id = indicator.agreement_id
        and figures.indicator_id = indicator.indicator_id
        and figures.version = indicator.version
    left join {{ source('agreement', 'measure') }} as measure
        on indicator.measure_id = measure.measure_id
    inner join {{ source('agreement', 'agreement') }} as agreement
        on figures.agreement_id = agreement.agreement_id
    left join area_sets
        on figures.agreement_id = area_sets.agreement_id
        and figures.period_start = area_sets.period_start
    left join {{ ref('int_cumulative') }} as cumulative
        on figures.agreement_id = cumulative.agreement_id
        and figures.indicator_id = cumulative.indicator_id
        and figures.area_id = cumulative.area_id
        and figures.year_kind = cumulative.year_kind
        and figures.year = cumulative.year

),

baseline_instruments as (

    select
        agreement_id,
        indicator_id,
        year as baseline_year,
        max(instrument) as baseline_instrument
    from {{ source('agreement', 'expected_year') }}
    where instrument is not null
    group by agreement_id, indicator_id, year

),

compared as (

    select
        with_promise.*,
        baseline_instruments.baseline_instrument,
        -- what the target is held against: the year, or all years up to its end
        case
            when with_promise.target_basis = 'cumulative' then with_promise.cumulative_value
            else with_promise.value
        end as progress,
        -- the share of the target's time that has passed by as-of, both ends included; only flows grow with time
        case
            when with_promise.figure_type <> 'flow' then 1.0
            when with_promise.target_basis = 'cumulative'
                then cast(with_promise.elapsed_days as double)
                / (date_diff('day', with_promise.agreement_start, with_promise.agreement_end) + 1)
            else
                cast(with_promise.expected_days as double)
                / (date_diff('day', with_promise.period_start, with_promise.period_end) + 1)
        end as elapsed_share,
        with_promise.is_closed
        and (with_promise.target_basis <> 'cumulative' or with_promise.period_end >= with_promise.agreement_end)
            as is_target_closed,
        -- which way is up: 1 where a higher figure is better, -1 where a lower one is
        case when with_promise.better = 'lower' then -1 else 1 end as direction,
        -- the baseline's own Wilson limits, where the agreement tells its n
        100 * {{ wilson('with_promise.baseline_value / 100', 'with_promise.baseline_n', 'low') }} as baseline_low,
        100 * {{ wilson('with_promise.baseline_value / 100', 'with_promise.baseline_n', 'high') }} as baseline_high
    from with_promise
    left join baseline_instruments
        on with_promise.agreement_id = baseline_instruments.agreement_id
        and with_promise.indicator_id = baseline_instruments.indicator_id
        and with_promise.baseline_year = baseline_instruments.baseline_year

),

with_difference as (

    -- Newcombe's interval of the difference of two shares (Newcombe 1998, method 10); a point where there is no n
    select
        compared.*,
        (value - baseline_value)
        - sqrt(power(value - ci_low, 2) + coalesce(power(baseline_high - baseline_value, 2), 0)) as difference_low,
        (value - baseline_value)
        + sqrt(power(ci_high - value, 2) + coalesce(power(baseline_value - baseline_low, 2), 0)) as difference_high
    from compared

),

judged as (

    select
        with_difference.*,
        -- what progress must come to: the target, or its part of the time that has passed
        case when is_target_closed then target_value else target_value * elapsed_share end as target_needed,
        case
            when target_value is null then 'no_target'
            when value_state <> 'observed' or progress is null then 'not_assessable'
            when is_closed and is_partial_year and target_basis = 'per_year' then 'not_assessable'
            -- a target for the whole agreement may be reached before its end, and a ceiling broken before it
            when is_closed and direction = 1 and progress >= target_value then 'reached'
            when is_closed and direction = -1 and progress > target_value then 'missed'
            when is_target_closed and direction = -1 then 'reached'
            when is_target_closed then 'missed'
            when target_pacing <> 'linear' then 'not_assessable'
            when direction * progress >= direction * target_needed then 'on_track'
            else 'behind'
        end as target_status,
        case
            when baseline_value is null then 'no_baseline'
            when
                value_state <> 'observed'
                or coalesce(instrument <> baseline_instrument, false)
                or is_other_set_of_areas
                or (figure_type = 'flow' and (is_partial_year or not is_closed))
                then 'not_comparable'
            when measure_kind = 'weighted_share' and difference_low <= 0 and difference_high >= 0 then 'no_clear_change'
            when value = baseline_value then 'no_clear_change'
            when direction * value > direction * baseline_value then 'better'
            else 'worse'
        end as baseline_trend
    from with_difference

),

final as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        year_label,
        year_kind || '-' || cast(year as varchar) as year_key,
        is_partial_year,
        value,
        unit,
        numerator,
        denominator,
        denominator_year,
        n,
        n_effective,
        ci_low,
        ci_high,
        value_state,
        baseline_value,
        baseline_year,
        baseline_trend,
        target_value,
        case when target_value is not null and target_basis = 'cumulative' then cumulative_value end as cumulative_value,
        target_status,
        target_needed,
        better,
        definition_version,
        version as agreement_version,
        period_start,
        period_end,
        is_closed,
        due_on,
        expected_days,
        covered_days,
        figure_type,
        measure_kind,
        numerator_id,
        instrument,
        is_series_break,
        hits_count,
        contributors
    from judged

)

select * from final
