with

final as (

    select
        peer.agreement_id,
        peer.indicator_id,
        peer.region,
        peer.area_id,
        peer.year,
        peer.value,
        publication.publication_id
    from {{ source('disclosed', 'peer_figure') }} as peer
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
