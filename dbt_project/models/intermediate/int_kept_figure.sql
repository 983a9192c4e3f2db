{{ config(materialized='view') }}

with

past as (

    -- figures some of whose records are gone: all of them by their day; of published tables only where no newer one tells
    select
        spine.agreement_id,
        spine.indicator_id,
        spine.area_id,
        spine.year_kind,
        spine.year,
        source.is_wide
    from {{ ref('int_expected_figure') }} as spine
    inner join {{ source('ledger', 'expiry') }} as expiry
        on spine.source_id = expiry.source_id
    inner join {{ source('ledger', 'source') }} as source
        on spine.source_id = source.source_id
    where spine.period_start < expiry.expired_before

),

joined as (

    select
        figure.*,
        past.agreement_id is not null
        and figure.value_state in ('observed', 'incomplete', 'missing')
        and (figure.value_state = 'missing' or not past.is_wide) as is_past,
        indicator.definition_version
    from {{ ref('int_measured_figure') }} as figure
    inner join {{ source('agreement', 'indicator_version') }} as indicator
        on figure.agreement_id = indicator.agreement_id
        and figure.indicator_id = indicator.indicator_id
        and figure.version = indicator.version
    left join past
        on figure.agreement_id = past.agreement_id
        and figure.indicator_id = past.indicator_id
        and figure.area_id = past.area_id
        and figure.year_kind = past.year_kind
        and figure.year = past.year

),

final as (

    -- what was last published stays; a figure of another definition is another figure, and missing
    select
        joined.agreement_id,
        joined.indicator_id,
        joined.area_id,
        joined.year_kind,
        joined.year,
        joined.version,
        joined.measure_kind,
        joined.expected_days,
        joined.covered_days,
        case when joined.is_past then last_figure.value else joined.value end as value,
        case when joined.is_past then last_figure.numerator else joined.numerator end as numerator,
        case when joined.is_past then last_figure.denominator else joined.denominator end as denominator,
        case when joined.is_past then last_figure.denominator_year else joined.denominator_year end as denominator_year,
        case when joined.is_past then last_figure.n else joined.n end as n,
        case when joined.is_past then last_figure.n_effective else joined.n_effective end as n_effective,
        case when joined.is_past then last_figure.ci_low else joined.ci_low end as ci_low,
        case when joined.is_past then last_figure.ci_high else joined.ci_high end as ci_high,
        case when joined.is_past then last_figure.hits_count else joined.hits_count end as hits_count,
        case when joined.is_past then last_figure.contributors else joined.contributors end as contributors,
        case
            when joined.is_past then coalesce(last_figure.value_state, 'missing')
            else joined.value_state
        end as value_state
    from joined
    left join {{ source('journal', 'last_figure') }} as last_figure
        on joined.agreement_id = last_figure.agreement_id
        and joined.indicator_id = last_figure.indicator_id
        and joined.area_id = last_figure.area_id
        and joined.year_kind = last_figure.year_kind
        and joined.year = last_figure.year
        and joined.definition_version = last_figure.definition_version

)

select * from final
