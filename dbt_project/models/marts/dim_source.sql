with

final as (

    select
        source.source_id,
        source.name as source_name,
        source.owner,
        source.cadence,
        coalesce(delivery.deliveries_count, 0) as deliveries_count,
        delivery.last_delivered_on
    from {{ source('disclosed', 'source') }} as source
    left join {{ source('disclosed', 'delivery') }} as delivery
        on source.source_id = delivery.source_id

)

select * from final
