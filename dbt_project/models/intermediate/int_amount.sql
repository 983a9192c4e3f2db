with

final as (

    -- only sources of which an indicator adds something up carry amounts
    select
        record.source_id,
        record.dataset,
        record.delivery_number,
        amount.attribute as amount_attribute,
        record.stretch_number,
        record.area_ids,
        record.attributes,
        {{ exact_sum("try_cast(" ~ attribute_at('record.amounts', 'amount.place') ~ " as double)") }} as amount
    from {{ ref('int_record') }} as record
    inner join {{ source('agreement', 'amount') }} as amount
        on record.source_id = amount.source_id
    where record.amounts is not null
    group by all

)

select * from final
