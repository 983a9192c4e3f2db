{{ config(materialized='view') }}

with

final as (

    select
        figure.*,
        {{ row_id('figure') }} as row_id,
        {{ as_of() }} > figure.due_on as is_due,
        indicator.name as indicator_name,
        area.name as area_name,
        indicator.source_id
    from {{ ref('indicator_figure') }} as figure
    inner join {{ source('agreement', 'indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
    inner join {{ source('agreement', 'area') }} as area
        on figure.area_id = area.area_id

)

select * from final
