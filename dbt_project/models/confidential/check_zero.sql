with

places as (

    -- our own figures, and every other region of the published tables
    select
        agreement_id,
        indicator_id,
        indicator_name,
        area_id,
        cast(null as varchar) as region,
        area_name as place_name,
        year_kind,
        year,
        year_label,
        source_id,
        figure_type,
        value
    from {{ ref('check_series') }}
    where figure_type <> 'share'

    union all

    select
        peer.agreement_id,
        peer.indicator_id,
        indicator.name as indicator_name,
        cast(null as varchar) as area_id,
        peer.region,
        peer.region as place_name,
        'calendar' as year_kind,
        peer.year,
        cast(peer.year as varchar) as year_label,
        indicator.source_id,
        indicator.figure_type,
        peer.value
    from {{ ref('peer_figure_full') }} as peer
    inner join {{ source('agreement', 'indicator') }} as indicator
        on peer.agreement_id = indicator.agreement_id
        and peer.indicator_id = indicator.indicator_id
    where peer.area_id is null

),

final as (

    -- a stock is 0 by mistake only, and often for years on end: the years in which it is not count
    select
        zero.agreement_id,
        zero.indicator_id,
        zero.indicator_name,
        zero.area_id,
        zero.region as detail,
        zero.place_name,
        zero.year_kind,
        zero.year,
        zero.year_label,
        zero.source_id,
        zero.value,
        median(other.value) as usual_value
    from places as zero
    inner join places as other
        on zero.agreement_id = other.agreement_id
        and zero.indicator_id = other.indicator_id
        and zero.area_id is not distinct from other.area_id
        and zero.region is not distinct from other.region
        and zero.year_kind = other.year_kind
        and zero.year <> other.year
        and (other.value <> 0 or zero.figure_type = 'flow')
    where zero.value = 0
    group by all

)

select * from final
