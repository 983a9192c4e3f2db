with

final as (

    select
        figure.agreement_id,
        indicator.sort_order as raekkefoelge,
        indicator.indicator_name as indikator,
        area.sort_order as omraade_raekkefoelge,
        area.area_name as omraade,
        file.year_kind as aarstype,
        figure.year_label as aar,
        {{ label_da('figure.value_state', 'value_state') }} as tilstand,
        coalesce(source.source_name, file.source_id) as kilde,
        source.owner as leverandoer,
        source.last_delivered_on as senest_leveret,
        file.file_name as fil,
        file.delivered_on as leveret,
        file.indicator_id,
        file.area_id,
        file.year,
        file.source_id
    from {{ ref('figure_source') }} as file
    inner join {{ ref('indicator_by_area_year') }} as figure
        on file.agreement_id = figure.agreement_id
        and file.indicator_id = figure.indicator_id
        and file.area_id = figure.area_id
        and file.year_kind = figure.year_kind
        and file.year = figure.year
    inner join {{ ref('dim_indicator') }} as indicator
        on file.agreement_id = indicator.agreement_id
        and file.indicator_id = indicator.indicator_id
    inner join {{ ref('dim_area') }} as area
        on file.area_id = area.area_id
    left join {{ ref('dim_source') }} as source
        on file.source_id = source.source_id
    where file.is_in_force

)

select * from final
