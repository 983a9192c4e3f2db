with

last_edition as (

    select
        agreement_id,
        max_by(edition_id, edition_order) as edition_id,
        max_by(year_label, edition_order) as year_label,
        max_by(minutes, edition_order) as minutes,
        max_by(approved_on, edition_order) as approved_on
    from {{ source('disclosed', 'edition') }}
    group by agreement_id

),

reported as (

    -- what the board was last shown, where it has approved a report
    select
        figure.agreement_id,
        figure.indicator_id,
        figure.area_id,
        figure.year_kind,
        figure.year,
        figure.value,
        figure.value_state,
        last_edition.approved_on as shown_on,
        last_edition.year_label as report_label,
        last_edition.minutes
    from {{ source('disclosed', 'edition_figure') }} as figure
    inner join last_edition
        on figure.edition_id = last_edition.edition_id
    where figure.value_state <> 'not_due'

),

published as (

    -- and where it has not, the final figure that was published before
    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        max_by(value, published_at) as value,
        max_by(value_state, published_at) as value_state,
        cast(timezone('Europe/Copenhagen', max(published_at)) as date) as shown_on,
        cast(null as varchar) as report_label,
        cast(null as varchar) as minutes
    from {{ ref('figure_history') }}
    where
        valid_to_publication is not null
        and value_state = 'observed'
        and agreement_id not in (select agreement_id from last_edition)
    group by agreement_id, indicator_id, area_id, year_kind, year

),

before as (

    select * from reported

    union all

    select * from published

),

figures as (

    {{ curated_figures(['flow', 'stock', 'share']) }}

),

final as (

    select
        figures.agreement_id,
        figures.raekkefoelge,
        figures.indikator,
        figures.omraade_raekkefoelge,
        figures.omraade,
        figures.year_kind as aarstype,
        figures.year_label as aar,
        before.value as foer,
        {{ label_da('before.value_state', 'value_state') }} as foer_tilstand,
        figures.value as nu,
        figures.tilstand,
        figures.unit as enhed,
        before.shown_on as vist,
        before.report_label as rapport,
        before.minutes as referat,
        figures.indicator_id,
        figures.area_id,
        figures.year
    from figures
    inner join before
        on figures.agreement_id = before.agreement_id
        and figures.indicator_id = before.indicator_id
        and figures.area_id = before.area_id
        and figures.year_kind = before.year_kind
        and figures.year = before.year
    -- of a figure that is hidden now its old value is not told again
    where
        figures.value_state <> 'suppressed'
        and (figures.value is distinct from before.value or figures.value_state <> before.value_state)

)

select * from final
