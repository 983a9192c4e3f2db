with

final as (

    select
        comment.agreement_id,
        comment.place as raekkefoelge,
        indicator.indicator_name as indikator,
        comment.year_kind as aarstype,
        year.year_label as aar,
        comment.comment as kommentar,
        comment.role as rolle,
        comment.written_on as skrevet,
        comment.indicator_id,
        comment.year
    from {{ source('disclosed', 'comment') }} as comment
    left join {{ ref('dim_indicator') }} as indicator
        on comment.agreement_id = indicator.agreement_id
        and comment.indicator_id = indicator.indicator_id
    left join {{ ref('dim_year') }} as year
        on comment.year_kind = year.year_kind
        and comment.year = year.year

)

select * from final
