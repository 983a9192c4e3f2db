with

final as (

    -- the same figure as somebody else publishes it; both are kept
    select
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        figure.value,
        figure.ci_low,
        figure.ci_high,
        published.value as published_value,
        figure.value - published.value as difference,
        -- a published share is rounded to whole per cent; a count is not
        case
            when figure.ci_low is not null
                then published.value + 0.5 < figure.ci_low or published.value - 0.5 > figure.ci_high
            else figure.value <> published.value
        end as is_disagreement,
        measure.source_id as published_source_id
    from {{ ref('indicator_figure') }} as figure
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
        and figure.agreement_version = indicator.version
    inner join {{ source('agreement', 'measure') }} as measure
        on indicator.published_measure_id = measure.measure_id
    inner join {{ ref('int_published') }} as published
        on indicator.published_measure_id = published.measure_id
        and figure.area_id = published.area_id
        and figure.year = published.year
        and coalesce(published.agreement_id, figure.agreement_id) = figure.agreement_id
    where figure.year_kind = 'calendar' and published.value is not null

)

select * from final
