with

final as (

    select
        selection.measure_id,
        cell.area_id,
        cell.region,
        cell.year,
        cell.period_label,
        cell.part_number,
        cell.parts_count,
        cell.value,
        cell.source_id,
        cell.delivery_number,
        cell.sheet_name,
        cell.row_number
    from {{ ref('stg_cell') }} as cell
    inner join {{ ref('int_selection') }} as selection
        on cell.source_id = selection.source_id
        and cell.dataset = selection.dataset
        and cell.attributes is not distinct from selection.attributes
    inner join {{ source('agreement', 'measure') }} as measure
        on selection.measure_id = measure.measure_id
    where measure.measure_kind = 'published_value'

)

select * from final
