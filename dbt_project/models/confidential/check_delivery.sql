with

final as (

    select
        source_id,
        delivered_on,
        file_name,
        file_id,
        status,
        reason_code,
        rows_read,
        rows_loaded,
        rows_quarantined,
        rows_duplicate,
        rows_conflicting,
        values_redacted,
        control_total,
        reasons,
        unknown_count
    from {{ source('ledger', 'delivery') }}

)

select * from final
