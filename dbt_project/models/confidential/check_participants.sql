with

final as (

    -- a rate of the agreement says which residents belong to which participants
    select distinct
        numerator.agreement_id,
        numerator.indicator_id,
        numerator.indicator_name,
        numerator.area_id,
        numerator.area_name,
        numerator.year_kind,
        numerator.year,
        numerator.year_label,
        numerator.source_id,
        numerator.value as persons,
        rate.denominator as residents,
        cast(rate.denominator_year as varchar) as denominator_year
    from {{ ref('check_figure') }} as rate
    inner join {{ ref('check_figure') }} as numerator
        on rate.agreement_id = numerator.agreement_id
        and rate.numerator_id = numerator.indicator_id
        and rate.area_id = numerator.area_id
        and rate.year_kind = numerator.year_kind
        and rate.year = numerator.year
    where
        rate.measure_kind = 'rate'
        and numerator.measure_kind = 'distinct_persons'
        and rate.denominator is not null

)

select * from final
