{{ config(materialized='view') }}

with

counted as (

    select
        spine.agreement_id,
        spine.indicator_id,
        spine.area_id,
        spine.year_kind,
        spine.year,
        record.delivery_number,
        record.sheet_name,
        record.row_number
    from {{ ref('int_expected_figure') }} as spine
    inner join {{ ref('int_selection') }} as selection
        on spine.measure_id = selection.measure_id
    inner join {{ ref('int_record') }} as record
        on selection.source_id = record.source_id
        and selection.dataset = record.dataset
        and selection.attributes is not distinct from record.attributes
        and record.occurred_on between spine.year_start and spine.year_end
    inner join {{ ref('int_area_membership') }} as membership
        on spine.agreement_id = membership.agreement_id
        and spine.area_id = membership.area_id
        and record.area_ids = membership.area_ids
        and record.stretch_number = membership.stretch_number

),

published as (

    select
        spine.agreement_id,
        spine.indicator_id,
        spine.area_id,
        spine.year_kind,
        spine.year,
        cell.delivery_number,
        cell.sheet_name,
        cell.row_number
    from {{ ref('int_expected_figure') }} as spine
    inner join {{ ref('int_published_cell') }} as cell
        on spine.measure_id = cell.measure_id
        and spine.year = cell.year
    left join {{ source('agreement', 'agreement_area') }} as agreement_area
        on spine.agreement_id = agreement_area.agreement_id
        and cell.area_id = agreement_area.area_id
        and make_date(cell.year, 1, 1) between agreement_area.valid_from and agreement_area.valid_to
    where
        spine.area_id = cell.area_id
        or (spine.area_id = '{{ var("all_areas_id") }}' and agreement_area.area_id is not null)

),

final as (

    select * from counted

    union all

    select * from published

)

select * from final
