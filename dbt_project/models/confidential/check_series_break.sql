with

announced as (

    -- a footnote of a published table, in any of its deliveries
    select
        data_break.source_id,
        data_break.dataset,
        data_break.year,
        max_by(data_break.note, data_break.delivery_number) as note
    from {{ source('ledger', 'data_break') }} as data_break
    group by data_break.source_id, data_break.dataset, data_break.year

),

measured as (

    select
        figure.*,
        indicator.dataset
    from {{ ref('check_figure') }} as figure
    inner join {{ source('agreement', 'indicator') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
    where figure.value_state = 'observed' and figure.measure_kind in ('weighted_share', 'published_value')

),

final as (

    select
        measured.agreement_id,
        measured.indicator_id,
        measured.indicator_name,
        measured.area_id,
        measured.area_name,
        measured.year_kind,
        measured.year,
        measured.year_label,
        measured.source_id,
        measured.instrument,
        case
            when measured.is_series_break
                then 'målt med et andet spørgeskema end før'
            when announced.note is not null then 'kilden melder om et brud i serien («' || announced.note || '»)'
        end as break_da
    from measured
    left join announced
        on measured.source_id = announced.source_id
        and measured.dataset = announced.dataset
        and measured.year = announced.year
        and measured.year_kind = 'calendar'

)

select * from final
