with

steps as (

    select
        peer.*,
        lag(value) over series as value_1,
        lag(year) over series as year_1,
        lag(value, 2) over series as value_2,
        lag(year, 2) over series as year_2
    from {{ ref('peer_figure_full') }} as peer
    where value <> 0
    window series as (partition by agreement_id, indicator_id, region order by year)

),

changes as (

    -- in per cent, over one year and over two
    select
        steps.*,
        case when year_1 = year - 1 then 100 * (value / value_1 - 1) end as change_1,
        case when year_2 = year - 2 then 100 * (value / value_2 - 1) end as change_2
    from steps

),

peers as (

    select
        agreement_id,
        indicator_id,
        year,
        count(change_1) - 1 as peers_count,
        median(change_1) as usual_1,
        median(change_2) as usual_2,
        {{ robust_deviation('change_1') }} as deviation_1,
        {{ robust_deviation('change_2') }} as deviation_2
    from changes
    group by agreement_id, indicator_id, year

),

beyond as (

    select
        changes.*,
        peers.peers_count,
        peers.usual_1,
        abs(changes.change_1 - peers.usual_1) as percent_1,
        abs(changes.change_2 - peers.usual_2) as percent_2,
        -- peers that move as one still differ by rounding
        abs(changes.change_1 - peers.usual_1) / greatest(peers.deviation_1, 0.1) as deviations_1,
        abs(changes.change_2 - peers.usual_2) / greatest(peers.deviation_2, 0.1) as deviations_2
    from changes
    inner join peers
        on changes.agreement_id = peers.agreement_id
        and changes.indicator_id = peers.indicator_id
        and changes.year = peers.year
    where changes.change_1 is not null and changes.area_id is not null

),

final as (

    -- the way back from a spike is near to where it was two years ago: the smaller change counts
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
        beyond.value_1 as previous_value,
        cast(beyond.year_1 as varchar) as previous_year_label,
        beyond.peers_count,
        least(beyond.percent_1, coalesce(beyond.percent_2, beyond.percent_1)) as percent_beyond,
        least(beyond.deviations_1, coalesce(beyond.deviations_2, beyond.deviations_1)) as deviations,
        'Ændringen er ' || {{ whole_da('beyond.change_1') }} || ' procent mod typisk '
        || {{ whole_da('beyond.usual_1') }} || ' procent andre steder.' as yardstick_da
    from {{ ref('check_series') }} as figure
    inner join beyond
        on figure.agreement_id = beyond.agreement_id
        and figure.indicator_id = beyond.indicator_id
        and figure.area_id = beyond.area_id
        and figure.year = beyond.year
    where figure.year_kind = 'calendar' and beyond.peers_count >= {{ var('fewest_peers') }}

)

select * from final
