{{ config(materialized='view') }}

with

newest as (

    select * from {{ ref('stg_record_in_force') }}
    where not has_rivals

    union all

    select * exclude (version_rank, is_conflicting) from {{ ref('stg_record_rival') }}
    where version_rank = 1

),

final as (

    select
        source_id,
        _dataset as dataset,
        delivery_number,
        _sheet as sheet_name,
        _row_number as row_number,
        _period_on as occurred_on,
        area_ids,
        person_key,
        weight,
        attributes,
        amounts,
        _corrections as corrections
    from newest

)

select * from final
