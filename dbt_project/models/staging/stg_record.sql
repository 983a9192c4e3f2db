{{ config(materialized='view') }}

with

ranked as (

    -- of the rows with one key in the files of one delivery the last file's stays
    select
        in_force.*,
        row_number() over (
            partition by
                source_id,
                coalesce(record_key, _reading_id || ':' || coalesce(_sheet, '') || ':' || cast(_row_number as varchar)),
                case when not is_appended then _period end
            order by delivered_on desc, file_name desc, _row_number desc
        ) as version_rank
    from {{ ref('stg_record_in_force') }} as in_force
    where has_rivals

),

newest as (

    select * from {{ ref('stg_record_in_force') }}
    where not has_rivals

    union all

    select * exclude (version_rank) from ranked
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
