with

applied as (

    select {{ split_to_rows('corrections') }} as correction_id
    from {{ ref('stg_record') }}
    where corrections is not null

    union all

    select {{ split_to_rows('corrections') }} as correction_id
    from (
        select distinct
            source_id,
            delivery_number,
            sheet_name,
            row_number,
            corrections
        from {{ ref('stg_cell') }}
        where corrections is not null
    )

),

deliveries as (

    select
        source_id,
        count(*) as deliveries_count
    from {{ ref('stg_delivery') }}
    group by source_id

),

final as (

    select
        correction.correction_id,
        correction.source_id,
        correction.reason,
        correction.decided_by,
        correction.decided_on,
        coalesce(deliveries.deliveries_count, 0) as deliveries_count,
        count(applied.correction_id) as rows_corrected
    from {{ source('ledger', 'correction') }} as correction
    left join deliveries
        on correction.source_id = deliveries.source_id
    left join applied
        on correction.correction_id = applied.correction_id
    group by all

)

select * from final
