with

final as (

    select
        source_id,
        dataset,
        delivery_number,
        stretch_number,
        area_ids,
        attributes,
        count(*) as records_count,
        count(*) filter (where person_key is null) as records_without_person,
        min(row_number) as first_row_number,
        max(row_number) as last_row_number,
        {{ exact_sum('weight') }} as weight_sum,
        {{ exact_sum('weight * weight') }} as weight_square_sum
    from {{ ref('int_record') }}
    group by all

)

select * from final
