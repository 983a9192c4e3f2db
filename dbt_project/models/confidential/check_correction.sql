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

final as (

    select
        correction.correction_id,
        correction.source_id,
        correction.reason,
        correction.decided_by,
        correction.decided_on,
        count(applied.correction_id) as rows_corrected
    from {{ source('ledger', 'correction') }} as correction
    left join applied
        on correction.correction_id = applied.correction_id
    group by all

)

select * from final
