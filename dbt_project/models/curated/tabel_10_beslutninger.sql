with

final as (

    select
        agreement_id,
        place as raekkefoelge,
        revision_id as beslutning,
        decided_on as besluttet,
        effective_from as gaelder_fra,
        minutes as referat,
        reason as begrundelse,
        changes as aendringer,
        is_in_force as i_kraft
    from {{ source('disclosed', 'decision') }}

)

select * from final
