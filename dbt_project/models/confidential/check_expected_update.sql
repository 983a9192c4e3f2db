with

final as (

    select
        agreement_id,
        indicator_id,
        name as indicator_name,
        source_id,
        expected_update_due_on as due_on,
        expected_update_quote as quote,
        expected_update_due_on < {{ as_of() }} as is_overdue
    from {{ source('agreement', 'indicator') }}
    where expected_update_due_on is not null

)

select * from final
