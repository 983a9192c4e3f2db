with

steps as (

    -- one definition, zeros left out: they are told by check_zero
    select
        figure.agreement_id,
        figure.indicator_id,
        figure.indicator_name,
        figure.area_id,
        figure.area_name,
        figure.year_kind,
        figure.year,
        figure.year_label,
        figure.source_id,
        figure.value,
        figure.measure_kind in ('count_records', 'distinct_persons') as is_count,
        lag(figure.value) over series as value_1,
        lag(figure.year) over series as year_1,
        lag(figure.year_label) over series as year_label_1,
        lag(figure.value, 2) over series as value_2,
        lag(figure.year, 2) over series as year_2
    from {{ ref('check_series') }} as figure
    where figure.figure_type <> 'share' and figure.value > 0
    window
        series as (
            partition by
                figure.agreement_id,
                figure.indicator_id,
                figure.area_id,
                figure.year_kind,
                figure.definition_version
            order by figure.year
        )

),

changes as (

    select
        steps.*,
        case when year_1 = year - 1 then 100 * (value / value_1 - 1) end as change_1,
        case when year_2 = year - 2 then 100 * (value / value_2 - 1) end as change_2,
        -- Poisson: the difference of two counts a and b varies by sqrt(a + b)
        case when is_count then 100 * sqrt(value + value_1) / value_1 end as noise_1,
        case when is_count then 100 * sqrt(value + value_2) / value_2 end as noise_2
    from steps

),

without_peers as (

    select changes.*
    from changes
    left join {{ ref('check_change_against_peers') }} as against_peers
        on changes.agreement_id = against_peers.agreement_id
        and changes.indicator_id = against_peers.indicator_id
        and changes.area_id = against_peers.area_id
        and changes.year = against_peers.year
    where against_peers.indicator_id is null and changes.change_1 is not null

),

candidates as (

    -- what lies within twice its own noise needs no further look
    select * from without_peers
    where noise_1 is null or abs(change_1) > 2 * noise_1

),

history as (

    -- the other changes of the series: neither into the year nor out of it
    select
        candidates.agreement_id,
        candidates.indicator_id,
        candidates.area_id,
        candidates.year,
        count(other.change_1) as changes_count,
        median(other.change_1) as usual,
        {{ robust_deviation('other.change_1') }} as deviation
    from candidates
    left join changes as other
        on candidates.agreement_id = other.agreement_id
        and candidates.indicator_id = other.indicator_id
        and candidates.area_id = other.area_id
        and other.year not in (candidates.year, candidates.year + 1)
    group by candidates.agreement_id, candidates.indicator_id, candidates.area_id, candidates.year

),

beyond as (

    select
        candidates.*,
        history.usual,
        history.changes_count,
        abs(candidates.change_1 - coalesce(history.usual, 0)) as percent_1,
        abs(candidates.change_2) as percent_2,
        -- a series that never changed still differs by rounding
        abs(candidates.change_1 - coalesce(history.usual, 0))
        / greatest(coalesce(history.deviation, 0), coalesce(candidates.noise_1, 0), 0.1) as deviations_1,
        abs(candidates.change_2)
        / greatest(coalesce(candidates.noise_2, history.deviation, 0), 0.1) as deviations_2
    from candidates
    inner join history
        on candidates.agreement_id = history.agreement_id
        and candidates.indicator_id = history.indicator_id
        and candidates.area_id = history.area_id
        and candidates.year = history.year
    -- a sum or a stock has no noise of its own: without three other changes there is nothing to hold it against
    where candidates.is_count or history.changes_count >= 3

),

final as (

    select
        agreement_id,
        indicator_id,
        indicator_name,
        area_id,
        area_name,
        year_kind,
        year,
        year_label,
        source_id,
        value,
        value_1 as previous_value,
        year_label_1 as previous_year_label,
        least(percent_1, coalesce(percent_2, percent_1)) as percent_beyond,
        least(deviations_1, coalesce(deviations_2, deviations_1)) as deviations,
        'Ændringen er ' || {{ whole_da('change_1') }} || ' procent'
        || coalesce(' mod typisk ' || {{ whole_da('usual') }} || ' procent de andre år', '') || '.' as yardstick_da
    from beyond

)

select * from final
