{{ config(materialized='view') }}

with

final as (

    -- of the rows with one key in the files of one delivery the last file's stays
    select
        in_force.*,
        row_number() over one_key as version_rank,
        delivered_on = first_value(delivered_on) over one_key
        and file_name <> first_value(file_name) over one_key
        and row(_period_on, area_ids, person_key, weight, attributes, amounts)
        is distinct from first_value(row(_period_on, area_ids, person_key, weight, attributes, amounts)) over one_key
            as is_conflicting
    from {{ ref('stg_record_in_force') }} as in_force
    where has_rivals
    window
        one_key as (
            partition by
                source_id,
                coalesce(record_key, _reading_id || ':' || coalesce(_sheet, '') || ':' || cast(_row_number as varchar)),
                case when not is_appended then _period end
            order by delivered_on desc, file_name desc, _row_number desc
        )

)

select * from final
